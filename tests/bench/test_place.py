"""What is measured against has to start, however long ago somebody measured last."""

from bench.place import Deployment


def test_a_studio_with_the_usual_settings_starts():
    with Deployment(1, "bench.usual_settings") as place:
        assert (place.data / "studio.sqlite3").exists()
