"""What the page says about containers fits the Dockerfile, and the manifest says what it must."""

import re
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.docs import page
from tests.docs.test_commands import understood

DOCKERFILE = (page.ROOT / "Dockerfile").read_text("utf-8")


@pytest.fixture(scope="module")
def manifests() -> dict[str, Any]:
    """The documents of the Kubernetes example, by kind."""
    [block] = [block for block in page.PRODUCTION.blocks if block.about == "kubernetes"]
    return {each["kind"]: each for each in YAML(typ="safe").load_all(block.content)}


@pytest.fixture(scope="module")
def pod(manifests: dict[str, Any]) -> dict[str, Any]:
    """What the job's pod is made of."""
    spec: dict[str, Any] = manifests["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return spec


def test_one_run_at_a_time(manifests: dict[str, Any]) -> None:
    """Runs never overlap, a late one is left to the next, and the next one is the retry."""
    spec = manifests["CronJob"]["spec"]

    assert "batch/v1" == manifests["CronJob"]["apiVersion"]
    assert "Forbid" == spec["concurrencyPolicy"]
    assert 0 < spec["startingDeadlineSeconds"]
    assert 0 == spec["jobTemplate"]["spec"]["backoffLimit"]
    assert "Never" == spec["jobTemplate"]["spec"]["template"]["spec"]["restartPolicy"]
    assert 5 == len(spec["schedule"].split())


def test_nobodys_root_on_a_read_only_root(pod: dict[str, Any]) -> None:
    """The user is the image's, the root cannot be written, and nothing can be gained."""
    user = re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.M)[0]
    about, [container] = pod["securityContext"], pod["containers"]

    assert about["runAsNonRoot"] is True
    assert tuple(map(int, user)) == (about["runAsUser"], about["runAsGroup"])
    assert int(user[1]) == about["fsGroup"]
    assert f"uid {user[0]}" in page.PRODUCTION.prose
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert ["ALL"] == container["securityContext"]["capabilities"]["drop"]


def test_the_image_is_given_a_command(pod: dict[str, Any]) -> None:
    """The entry point stays, so that the configuration's place does; only the command is said."""
    [container] = pod["containers"]

    assert "command" not in container
    assert [] == understood(" ".join(["syncer", *container["args"]]))[2]


def test_secrets_come_from_a_secret(pod: dict[str, Any]) -> None:
    """No value stands in the manifest."""
    [container] = pod["containers"]

    assert [{"secretRef": {"name": "syncer"}}] == container["envFrom"]
    assert "env" not in container


def test_the_places(manifests: dict[str, Any], pod: dict[str, Any]) -> None:
    """The volume is at /data, the configuration in it is read-only, /tmp is the only other room."""
    mounts = {mount["mountPath"]: mount for mount in pod["containers"][0]["volumeMounts"]}
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    claim = volumes[mounts["/data"]["name"]]["persistentVolumeClaim"]["claimName"]

    assert {"/data", "/data/config", "/data/mappings", "/tmp"} == mounts.keys()
    assert manifests["PersistentVolumeClaim"]["metadata"]["name"] == claim
    assert all(mounts[path]["readOnly"] for path in ("/data/config", "/data/mappings"))
    assert {mount["name"] for mount in mounts.values()} == volumes.keys()
    assert 'VOLUME ["/data"]' in DOCKERFILE
    assert '"--config", "/data/config"' in DOCKERFILE


def test_what_the_manifest_names_is_made_before(pod: dict[str, Any]) -> None:
    """The commands above it make every ConfigMap and Secret it uses."""
    made = re.findall(r"kubectl create (configmap|secret generic) (\S+)", page.PRODUCTION.text)
    named = {("configmap", v["configMap"]["name"]) for v in pod["volumes"] if "configMap" in v}
    named |= {("secret generic", e["secretRef"]["name"]) for e in pod["containers"][0]["envFrom"]}

    assert named == set(made)


def test_docker_and_cron() -> None:
    """Each `docker run` is as shut in as the manifest's pod, and mounts the same places."""
    text = page.PRODUCTION.text.replace("\\\n", " ")
    lines = [
        line for line in text.splitlines() if "docker run" in line and "docker run`" not in line
    ]

    assert 2 == len(lines)
    assert any(re.match(r"(\S+ ){5}docker run ", line) for line in lines)
    for line in lines:
        assert "--read-only --tmpfs /tmp --cap-drop ALL --env-file" in line
        assert {"/data/config:ro", "/data/mappings:ro", "/data"} == {
            mount.partition(":")[2].strip('"')
            for mount in re.findall(r'--volume "?([^"\s]+)', line)
        }
