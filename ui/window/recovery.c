/* recovery.c: see the header. */
#include "ui/window/recovery.h"

#include "app/project/opening/locate.h"
#include "app/project/repair/recover.h"
#include "ui/application.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  GtkWindow *parent;
  char *bad, *good; /* paths */
  HfRecovery result;
} Recovery;

static void
recovery_free (Recovery *self)
{
  g_clear_object (&self->parent);
  g_free (self->bad);
  g_free (self->good);
  hf_recovery_clear (&self->result);
  g_free (self);
}

/* "Bearings (recovered 2).handful", the first name that is free. */
static char *
dup_free_name (const char *bad)
{
  g_autofree char *stem = g_strdup (bad);

  if (g_str_has_suffix (stem, HF_PROJECT_SUFFIX))
    stem[strlen (stem) - strlen (HF_PROJECT_SUFFIX)] = '\0';
  for (int i = 1;; i++) {
    g_autofree char *number = i > 1 ? g_strdup_printf (" %d", i) : NULL;
    g_autofree char *path =
        g_strconcat (stem, " (recovered", number != NULL ? number : "", ")",
                     HF_PROJECT_SUFFIX, NULL);

    if (!g_file_test (path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&path);
  }
}

static void
recover_thread (GTask *task, gpointer source, gpointer data,
                GCancellable *cancellable)
{
  Recovery *self = data;
  g_autoptr (GError) error = NULL;

  self->good = dup_free_name (self->bad);
  if (hf_project_recover (self->bad, self->good, &self->result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
told_cb (GTask *task, const char *response)
{
  Recovery *self = g_task_get_task_data (task);

  g_task_return_pointer (task, g_strdup (self->good), g_free);
  g_object_unref (task);
}

static AdwMessageDialog *
new_dialog (const Recovery *self, const char *heading, const char *body)
{
  GtkWidget *dialog = adw_message_dialog_new (self->parent, heading, body);

  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "close");
  return ADW_MESSAGE_DIALOG (dialog);
}

/* What was read and what is missing, before anything is shown of it. */
static void
recovered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Recovery *self = g_task_get_task_data (task);
  g_autoptr (GString) body = g_string_new (NULL);
  g_autofree char *name = NULL;
  AdwMessageDialog *dialog;
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    g_task_return_error (task, error);
    return;
  }
  name = g_filename_display_basename (self->good);
  for (guint i = 0; i < self->result.sentences->len; i++)
    g_string_append_printf (
        body, "%s\n",
        (const char *) g_ptr_array_index (self->result.sentences, i));
  /* Translators: %s is the name of a file */
  g_string_append_printf (body, _("It is in the new project “%s”."), name);
  dialog = new_dialog (self, self->result.is_complete
                       ? _("Everything Was Recovered")
                       : _("Recovered as Far as It Reads"), body->str);
  adw_message_dialog_add_response (dialog, "close", _("_Open"));
  g_signal_connect_swapped (dialog, "response", G_CALLBACK (told_cb),
                            g_steal_pointer (&task));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
answered_cb (GTask *task, const char *response)
{
  Recovery *self = g_task_get_task_data (task);
  g_autoptr (GTask) work = NULL;

  if (!g_str_equal (response, "recover")) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                             "The project was not recovered.");
    g_object_unref (task);
    return;
  }
  work = g_task_new (NULL, g_task_get_cancellable (task), recovered_cb, task);
  g_task_set_task_data (work, self, NULL);
  g_task_run_in_thread (work, recover_thread);
}

void
hf_recovery_ask_async (GtkWindow *parent, const char *path, const GError *fault,
                       GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  Recovery *self = g_new0 (Recovery, 1);
  g_autofree char *body =
      /* Translators: %s is a sentence that says what is wrong */
      g_strdup_printf (_("%s\n\nWhat can be read is written into a new "
                         "project; the damaged file stays as it is."),
                          fault->message);
  AdwMessageDialog *dialog;

  self->parent = g_object_ref (parent);
  self->bad = g_strdup (path);
  g_task_set_task_data (task, self, (GDestroyNotify) recovery_free);
  dialog = new_dialog (self, _("Recover the Damaged Project?"), body);
  adw_message_dialog_add_responses (
      dialog, "close", _("_Cancel"), "recover", _("_Recover"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "recover",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "recover");
  g_signal_connect_swapped (dialog, "response", G_CALLBACK (answered_cb), task);
  gtk_window_present (GTK_WINDOW (dialog));
}

char *
hf_recovery_ask_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
