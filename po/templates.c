/* Titles of data/templates.json for xgettext: tests/style/check-translations.py . --write */
N_("Defect detection")
N_("Product classification")
N_("Quality grading")
N_("General")
