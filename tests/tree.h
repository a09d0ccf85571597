/* tree.h: how tests clear up. */
#pragma once

/* Removes @path and all that is in it; what a link leads to stays. */
void tree_remove (const char *path);
