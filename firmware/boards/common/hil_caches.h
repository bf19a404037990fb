/* hil_caches.h: of cores that have caches. */
#ifndef HIL_CACHES_H
#define HIL_CACHES_H

void hil_caches_open(void);

#endif
