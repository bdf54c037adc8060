package io.madang.system;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A test that holds something to seconds or less, so that no other may run beside it. */
@ResourceLock(MeasuresTime.PROCESSORS)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface MeasuresTime {
  String PROCESSORS = "processors";
}
