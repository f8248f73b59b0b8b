"""An invented district with two years of reports, to look at and to try everything on."""
