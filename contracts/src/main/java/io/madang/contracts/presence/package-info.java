/**
 * What presence-service accepts, answers and announces, and how each of these looks as JSON.
 *
 * <p>May import: java, com.fasterxml.jackson.
 */
package io.madang.contracts.presence;
