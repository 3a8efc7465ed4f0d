"""Things broken on purpose: processes killed, disks filled, stores and databases stopped, clocks set back."""
