"""The control API under ``/_local/``, with which tests control a local server itself.

It is for applications in other languages or in another process; in Python the attributes of
`imagekitio.local.LocalImageKit` and `imagekitio.local.LocalImgsrc` do the same. Bodies are JSON objects. Only local
ImageKit has seeding and webhooks.

=======================  ==============================================================================================
``GET health``           ``{"status": "ok", "urlEndpoint": …}``; local img-src has ``deliveryUrl`` instead
``POST reset``           Delete all data, requests and faults; restore the real time and the initial rate limits
``POST seed``            ``{"folder": "/path/on/this/machine"}``: store the files in it, except hidden ones;
                         from this machine only
``GET requests``         The requests so far: method, path, query, status, operation, at, milliseconds
``DELETE requests``      Delete the list of requests
``GET clock``            ``{"now": …}``
``POST clock``           One of ``{"freeze": <moment>}``, ``{"advance": <seconds>}``, ``{"reset": true}``; a moment is
                         ISO 8601, a Unix time in seconds, or null for now
``GET faults``           The faults that can still occur
``POST faults``          Add one: the options of `imagekitio.local.web.faults.Fault`, such as
                         ``{"status": 503, "times": 2, "operation": "upload_file"}``
``DELETE faults``        Remove all faults; ``?seed=7`` sets the seed of their random numbers
``GET rate-limits``      ``{"limits": [[100, 1.0]]}``: requests, seconds
``PUT rate-limits``      Replace the limits; the body has the same form
``GET webhooks``         Everything that was or will be sent to webhooks and callbacks: members of
                         `imagekitio.local.events.outbox.Outgoing`
``POST webhooks/flush``  Run all pending extensions, post-transformations and webhooks now; return what
                         ``GET webhooks`` returns once each is finished or was tried once
=======================  ==============================================================================================

Every call except ``GET health`` needs credentials. One kind is the control token, which is new at each start; send it
as ``Authorization: Bearer …``. `python -m imagekitio.local` prints it, and `LocalImageKit.control_token` returns it.
The other kind is an unrestricted private key as for the API, or for local img-src an API key with all scopes. Seeding
reads files on this machine, so it accepts only the token: the private key of a local ImageKit is not a secret.
Requests with foreign host names and from web pages of other origins are refused.
"""
