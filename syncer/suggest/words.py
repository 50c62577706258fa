"""What agencies call things that have one meaning here, in a few languages.

These are words to recognise; what is written stands in the mapping.
"""

from collections.abc import Mapping
from typing import Final

VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "todo": (
        "to do", "todo", "to-do", "backlog", "open", "new", "next", "next up", "not started",
        "ready", "inbox", "offen", "zu erledigen", "zu tun", "neu", "aufgaben", "a faire",
        "por hacer", "pendiente", "te doen", "da fare", "a fazer", "att gora", "do zrobienia",
    ),
    "doing": (
        "doing", "in progress", "progress", "wip", "work in progress", "in work", "started",
        "working on it", "in bearbeitung", "in arbeit", "laufend", "en cours", "en curso",
        "en progreso", "bezig", "in corso", "em andamento", "pagar", "w trakcie",
    ),
    "review": (
        "review", "in review", "to review", "internal review", "qa", "testing", "approval",
        "for approval", "abnahme", "zur abnahme", "in abnahme", "prufung", "in prufung",
        "freigabe", "zur freigabe", "relecture", "a valider", "revision", "en revision",
        "ter controle", "in revisione", "em revisao", "granskning",
    ),
    "done": (
        "done", "complete", "completed", "finished", "closed", "erledigt", "fertig",
        "abgeschlossen", "termine", "fait", "hecho", "terminado", "klaar", "gereed", "fatto",
        "finito", "feito", "concluido", "klart", "gotowe",
    ),
    "planned": ("planned", "upcoming", "scheduled", "geplant", "in planung", "planifie",
                "planificado", "gepland", "pianificato", "planejado", "planerad"),
    "active": ("active", "running", "in progress", "ongoing", "aktiv", "laufend",
               "in bearbeitung", "en cours", "activo", "en curso", "actief", "attivo", "ativo"),
    "on_hold": ("on hold", "paused", "waiting", "blocked", "pausiert", "wartet", "angehalten",
                "en pause", "en attente", "en pausa", "in de wacht", "in attesa", "em espera"),
    "low": ("low", "minor", "niedrig", "gering", "basse", "faible", "baja", "laag", "bassa",
            "baixa", "lag"),
    "medium": ("medium", "normal", "mid", "mittel", "moyenne", "media", "gemiddeld", "medel"),
    "high": ("high", "urgent", "major", "hoch", "dringend", "haute", "alta", "hoog", "hog"),
}  # fmt: skip
"""Canonical value to words for it, folded: without letter case and accents."""

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "estimate": ("estimate", "estimated hours", "estimated time", "hours", "effort", "stunden",
                 "aufwand", "geschatzte stunden", "schatzung", "heures", "charge", "horas",
                 "uren", "ore stimate"),
    "priority": ("priority", "prio", "importance", "prioritat", "dringlichkeit", "priorite",
                 "prioridad", "prioriteit", "priorita", "prioridade", "prioritet"),
    "strategy": ("strategy", "strategie", "estrategia", "strategia"),
    "goals": ("goals", "goal", "objectives", "kpis", "ziele", "objectifs", "objetivos", "doelen",
              "obiettivi", "mal"),
    "budget_hours": ("budget hours", "hours budget", "budgeted hours", "stundenbudget",
                     "budget stunden", "budget heures", "presupuesto horas"),
    "price": ("price", "fee", "budget", "preis", "honorar", "prix", "precio", "prijs", "prezzo"),
    "client": ("client", "customer", "account", "kunde", "auftraggeber", "cliente", "klant"),
}  # fmt: skip
"""Canonical field to words for it, folded; a field's own name is always one."""
