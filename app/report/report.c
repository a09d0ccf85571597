/* report.c: see the header. */
#include "app/report/report.h"

#include "app/report/content-private.h"
#include "base/file.h"

#include <glib/gi18n-lib.h>
#include <string.h>

gboolean
hf_report_format_parse (const char *path, HfReportFormat *out, GError **error)
{
  const struct {
    const char *end;
    HfReportFormat format;
  } known[] = {{".pdf", HF_REPORT_PDF},
               {".html", HF_REPORT_HTML},
               {".htm", HF_REPORT_HTML},
               {".json", HF_REPORT_JSON}};
  g_autofree char *small = g_ascii_strdown (path, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_has_suffix (small, known[i].end)) {
      *out = known[i].format;
      return TRUE;
    }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("%s: a report is written as .pdf, .html or .json. Name it "
                 "so."),
                  path);
  return FALSE;
}

GBytes *
hf_report_new (const HfReportInput *input, HfReportFormat format,
               HfProgress *progress, GError **error)
{
  g_autoptr (HfReportContent) content = NULL;

  g_return_val_if_fail (input->samples != NULL, NULL);
  if (!hf_progress_check (progress, error))
    return NULL;
  if (format == HF_REPORT_JSON)
    return hf_report_write_json (input);
  content = hf_report_content_new (input, progress, error);
  if (content == NULL)
    return NULL;
  return format == HF_REPORT_PDF ? hf_report_write_pdf (content, error)
                                 : hf_report_write_html (content, error);
}

gboolean
hf_report_save (const HfReportInput *input, const char *path,
                HfProgress *progress, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  HfReportFormat format;

  if (!hf_report_format_parse (path, &format, error))
    return FALSE;
  bytes = hf_report_new (input, format, progress, error);
  if (bytes == NULL)
    return FALSE;
  return hf_file_write_whole (path, g_bytes_get_data (bytes, NULL),
                              g_bytes_get_size (bytes), error);
}
