package io.madang.system;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A test on the mesh of {@link RiggedMesh}. These mostly wait for what a cluster notices after half a minute, so they run one after
 * the other beside the tests that start processes of their own, unless one of those {@link MeasuresTime}.
 */
@Tag("cluster")
@ExtendWith(RiggedMesh.class)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("rigged mesh")
@ResourceLock(value = MeasuresTime.PROCESSORS, mode = ResourceAccessMode.READ)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Rigged {}
