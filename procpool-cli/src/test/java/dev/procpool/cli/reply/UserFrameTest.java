package dev.procpool.cli.reply;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Where in a stack trace the user is told to look. */
class UserFrameTest {

  @Test
  void framesOfTheUserAreFoundBelowThoseOfTheJdk() {
    StackTraceElement jdk = new StackTraceElement("java.util.List", "of", "List.java", 1);
    StackTraceElement user = new StackTraceElement("com.acme.Price", "of", "Price.java", 12);
    assertThat(UserFrame.of(jdk, user, jdk)).isEqualTo("com.acme.Price.of(Price.java:12)");
    assertThat(UserFrame.of(jdk)).isNull();
  }
}
