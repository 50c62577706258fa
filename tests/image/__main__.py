"""Build the Dockerfile on a base made here, and run what it is for: a demo and one cycle.

No image is fetched: the base is a Debian root made by debootstrap, the build is buildah's with
chroot isolation. Whoever runs this must be root.
"""

import sys
from pathlib import Path

from tests.image.base import ready_base, wheels
from tests.image.box import Box, Failed
from tests.image.checks import CHECKS
from tests.image.tools import Buildah, have_tools, say

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".image"
"""The base, the wheels and buildah's storage stay here; `make clean` removes them."""


def main() -> int:
    """0 if the image does what is asked of it."""
    try:
        have_tools()
        KEPT.mkdir(exist_ok=True)
        buildah = Buildah(KEPT / "storage")
        base, found = ready_base(buildah, KEPT), wheels(ROOT, KEPT)
        say("building the image")
        image = buildah.build(ROOT, base, found)
        with buildah.opened(image) as (root, config), Box.made(root, config) as box:
            for check in CHECKS:
                say((check.__doc__ or check.__name__).partition("\n")[0])
                check(box)
    except Failed as error:
        print(f"image-test: {error}", file=sys.stderr)
        return 1
    say("the image is as it should be")
    return 0


if __name__ == "__main__":
    sys.exit(main())
