"""How Plumbline reaches people: the built front end, its security headers, TLS on the site's network, the server.

Guarantees that a phone on the network only ever works over HTTPS, that nothing outside the built front end
is served as a file, and that every answer carries the same strict security headers.
"""
