"""The whole product in a real browser: built front end, real server, fake camera, fake position."""
