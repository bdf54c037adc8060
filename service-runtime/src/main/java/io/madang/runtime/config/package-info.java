/**
 * Settings from the environment: each declared once with unit, default and bounds; all problems told at once.
 *
 * <p>May import: java.
 */
package io.madang.runtime.config;
