"""The rules of RAVie, a file per kind of stream: the cycle, and its sessions."""
