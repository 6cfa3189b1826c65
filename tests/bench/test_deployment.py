"""What is measured against has to start, however long ago somebody measured last."""

from bench.deployment import Deployment


def test_a_studio_with_the_usual_settings_starts():
    with Deployment(1, "bench.usual_settings") as deployment:
        assert (deployment.data / "studio.sqlite3").exists()
