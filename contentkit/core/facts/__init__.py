"""What a text claims, held against the material that it rests on."""
