"""The control API under ``/_local/``: what tests ask of a local server itself, beyond what the service offers.

For applications in other languages, and those that run in another process; in Python the attributes of
`imagekitio.local.LocalImageKit` do the same. Bodies are JSON objects. Seeding and webhooks are local ImageKit's alone.

=======================  ==============================================================================================
``GET health``           ``{"status": "ok", "urlEndpoint": …}``
``POST reset``           Forget all data, requests and faults; the real time, the rate limits of the start
``POST seed``            ``{"folder": "/path/on/this/machine"}``: store the files below it, hidden ones excepted;
                         from this machine only
``GET requests``         What was asked: method, path, query, status, operation, at, milliseconds
``DELETE requests``      Forget them
``GET clock``            ``{"now": …}``
``POST clock``           One of ``{"freeze": <moment>}``, ``{"advance": <seconds>}``, ``{"reset": true}``; a moment is
                         ISO 8601, a Unix time in seconds, or null for now
``GET faults``           Those that can still hit
``POST faults``          Add one: the options of `imagekitio.local.web.faults.Fault`, such as
                         ``{"status": 503, "times": 2, "operation": "upload_file"}``
``DELETE faults``        Remove them; ``?seed=7`` starts another sequence of chances
``GET rate-limits``      ``{"limits": [[100, 1.0]]}``: requests, seconds
``PUT rate-limits``      Replace them, by the same form
``GET webhooks``         What was sent to webhooks and callbacks, or will be: members of
                         `imagekitio.local.events.outbox.Outgoing`
``POST webhooks/flush``  Do now what is pending (extensions, transformations after uploads, webhooks); answers like
                         ``GET webhooks`` when all of it is done or was tried once
=======================  ==============================================================================================

All but ``GET health`` needs credentials: the control token, which is new at each start (``Authorization: Bearer …``;
`python -m imagekitio.local` prints it, `LocalImageKit.control_token` has it), or an unrestricted private key like the
API. Seeding reads files of this machine and takes the token only: the private key of a local ImageKit is no secret.
Foreign host names and web pages of other origins are refused.
"""
