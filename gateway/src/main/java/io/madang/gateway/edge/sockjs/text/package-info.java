/**
 * What SockJS 0.3.3 puts around texts: frames, the strings in them, and what each transport wraps them into. No Vert.x.
 *
 * <p>May import: java, com.fasterxml.jackson.core, io.madang.gateway.edge.sockjs.text.
 */
package io.madang.gateway.edge.sockjs.text;
