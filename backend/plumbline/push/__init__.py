"""Messages to a phone that lies in a pocket: Web Push (RFC 8030, 8291, 8292).

A message is a hint and never the record: it says that something waits, names no person, and opens the screen that
knows. It is enqueued with the act it tells of, sent by a durable job, and a subscription that the push service no
longer knows is dropped. Nobody is told who signed out, lost the device or left the project.
"""
