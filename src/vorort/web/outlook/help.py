"""Help on the outlook."""

from vorort.vocabulary import Text

HELP = {
    "outlook": (
        Text(
            "Gerechnet wird auf dem Register, wie es jetzt ist. Hundert Verläufe geben einen "
            "ersten Blick, tausend die Zahlen, die man weitergibt. Alle arbeiten weiter.",
            "It is run on the register as it is now. A hundred draws give a first look, a "
            "thousand the figures to pass on. Meanwhile everybody goes on working.",
        ),
    ),
}
