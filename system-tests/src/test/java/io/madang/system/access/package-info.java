/** Who gets in and reads what, tried at every door as everybody. */
package io.madang.system.access;
