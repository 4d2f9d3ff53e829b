// The explorer was once at index.html: an address of that time, with a choice behind the #, goes on to where it is now.
// Put here: only that. Keep out: everything else; the front page works without scripts.
"use strict";

if (/[#&](indicator|gemeente|schooljaar|uitsplitsing)=/.test(location.hash)) location.replace(`cijfers.html${location.hash}`);
