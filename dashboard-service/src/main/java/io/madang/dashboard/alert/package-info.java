/**
 * What an operator wants to be told of: limits of metrics.
 *
 * <p>May import: java, io.madang.contracts.dashboard.
 */
package io.madang.dashboard.alert;
