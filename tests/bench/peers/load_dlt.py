"""dlt loads the server's items one way into SQLite; run again, it asks only for what is new.

``python load_dlt.py URL FOLDER``. It is set up kindly: new rows are appended and lists stay in
their row, so that it need neither look for what is there nor make further tables.
"""

import os
import sys
from collections.abc import Iterator
from typing import Any

url, folder = sys.argv[1:]
os.environ |= {"DLT_DATA_DIR": folder, "RUNTIME__DLTHUB_TELEMETRY": "false"}

import dlt  # noqa: E402
from dlt.sources.helpers import requests  # noqa: E402

NEW = dlt.sources.incremental("modified_at", initial_value="2000-01-01T00:00:00Z")


@dlt.resource(name="things", primary_key="id", write_disposition="append", max_table_nesting=0)
def things(
    updated: Any = NEW,
) -> Iterator[list[dict[str, Any]]]:
    """A hundred a page."""
    after: int | None = 0
    # Taken once: it moves while pages are handed on.
    since = updated.start_value
    headers = {"authorization": "Bearer u-maya"}
    while after is not None:
        params = {"after": after, "since": since}
        page = requests.get(f"{url}/items", params=params, headers=headers).json()
        if page["results"]:
            yield page["results"]
        after = page["next"]


place = dlt.destinations.sqlalchemy(f"sqlite:///{folder}/out.db")
pipeline = dlt.pipeline("bench", destination=place, dataset_name="main2", pipelines_dir=folder)
pipeline.run(things()).raise_on_failed_jobs()
