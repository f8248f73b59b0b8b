"""What leaves the house: archives for offices, the catalogue for everybody."""
