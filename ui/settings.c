/* settings.c: see the header. */
#include "ui/settings.h"

#include "app/places.h"
#include "ui/application.h"

GSettings *
hf_settings_new (void)
{
  g_autofree char *folder = hf_places_dup_build_schemas ();
  g_autoptr (GSettingsSchemaSource) source = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;

  if (folder != NULL)
    source = g_settings_schema_source_new_from_directory (
        folder, g_settings_schema_source_get_default (), FALSE, NULL);
  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, HF_APPLICATION_ID, FALSE);
  return schema != NULL ? g_settings_new_full (schema, NULL, NULL)
                        : g_settings_new (HF_APPLICATION_ID);
}
