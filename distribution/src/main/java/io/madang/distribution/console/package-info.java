/**
 * What passes between a process and the person who started it: plain lines, and Ctrl-C. Knows nothing of what runs.
 *
 * <p>May import: java, org.slf4j.
 */
package io.madang.distribution.console;
