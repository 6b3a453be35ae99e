"""JupyterLab as the lessons want it.

`make lab` points JUPYTER_CONFIG_DIR here, so nobody's own settings are read or changed.
"""

import os
from pathlib import Path

c = get_config()  # noqa: F821  (JupyterLab puts it there)

c.ServerApp.root_dir = str(Path(__file__).resolve().parents[1])
c.LabApp.default_url = "/lab/tree/notebooks/README.md"

# Reached from this computer only, and only with the token in the printed address.
c.ServerApp.ip = "localhost"
c.ServerApp.allow_remote_access = False
# In a container everything runs as root; with localhost and the token that is no reason to stop.
c.ServerApp.allow_root = os.name == "posix" and os.geteuid() == 0

# JupyterLab asks nobody about us, and us about nothing.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
