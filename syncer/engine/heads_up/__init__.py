"""Heads-ups: what people are told in their tools, and the answers they give there.

``listening`` says under which things an answer may stand and takes in what was said there;
``answering`` and ``expiring`` end proposals while their record is decided; ``noting`` says who is
to hear what, ``owing`` what was missed; ``telling`` brings it to them, once, by the help of
``spots`` and ``placing`` (where), ``readers`` (who else can read there), ``writing`` (in which
comments), ``posts`` (what is sent and remembered), ``closing`` (tasks that are over),
``elsewhere`` (mail and chat) and ``lost`` (after a kill).
"""
