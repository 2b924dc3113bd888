"""
The PostgreSQL that Jalon carries along, so that nothing else must be installed.

Who does what, from the command to the data:

    application --start()--> supervisor --PDEATHSIG--> postgres, under <home>/postgres
        the application dies: its connection ends, the supervisor stops postgres
        the supervisor dies:  the kernel tells postgres to stop

A home has at most one supervisor (it holds the lock on <home>/postgres.lock) and so at most one
postgres. `start` joins a home that already runs; the server stays up until its last user leaves.
Importing this package loads no database driver: the supervisor is made of it and must start fast.
"""

from server.embedded.cluster import Cluster, NotRunning, attach
from server.embedded.home import EmbeddedRefused, home
from server.embedded.start import start

__all__ = ["Cluster", "EmbeddedRefused", "NotRunning", "attach", "home", "start"]
