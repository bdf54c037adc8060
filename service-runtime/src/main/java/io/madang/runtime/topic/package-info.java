/**
 * Topics, their positions and what is published into them: the nouns every other package of the mesh speaks in.
 *
 * <p>May import: java.
 */
package io.madang.runtime.topic;
