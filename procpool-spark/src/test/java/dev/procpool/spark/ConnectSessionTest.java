package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.reflect.Modifier;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.implementation.ExceptionMethod;
import net.bytebuddy.matcher.ElementMatchers;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** A session of Spark Connect, whose client says of itself that it has no context. */
class ConnectSessionTest {

  @Test
  void itIsRefusedAndTheMessageSaysWhatToDo() throws Exception {
    assumeThat(Modifier.isAbstract(SparkSession.class.getModifiers()))
        .as("an interface of both kinds of sessions, which 3.5 does not have")
        .isTrue();
    SparkSession session =
        new ByteBuddy()
            .subclass(SparkSession.class)
            .method(ElementMatchers.named("sparkContext"))
            .intercept(ExceptionMethod.throwing(UnsupportedOperationException.class, "no context"))
            .make()
            .load(SparkSession.class.getClassLoader())
            .getLoaded()
            .getDeclaredConstructor()
            .newInstance();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SparkPool.builder(session))
        .withMessageContainingAll("Spark Connect", "master");
    assertThatIllegalArgumentException().isThrownBy(() -> SparkPool.create(session));
  }
}
