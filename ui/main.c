/* main.c: the program handful. */
#include "ui/application.h"

#include "app/places.h"
#include "compute/device.h"
#include "compute/driver-use.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int argc, char **argv)
{
  g_autofree char *locale_dir = hf_places_dup_locale ();
  g_autoptr (HfApplication) application = NULL;
  int status;

  /* Before any thread starts: PoCL reads the environment once. */
  hf_device_prepare_environment (0);
  setlocale (LC_ALL, "");
  /* Numbers in files and JSON are read without regard to the locale; what the
   * user sees is formatted by hf_wording_*. */
  bindtextdomain (GETTEXT_PACKAGE, locale_dir);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  application = hf_application_new ();
  status = g_application_run (G_APPLICATION (application), argc, argv);
  /* Looks at devices that nobody waits for may still be under way. */
  hf_driver_use_shut ();
  return status;
}
