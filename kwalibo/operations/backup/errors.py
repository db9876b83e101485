class BackupError(Exception):
    """Why a back-up cannot be made, read or restored, in a Dutch sentence."""
