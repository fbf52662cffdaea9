package dev.procpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class OnCloseTest {

  @Test
  void tellsHowLongCloseWaits() {
    Duration forever = ChronoUnit.FOREVER.getDuration();
    assertThat(OnClose.JOIN.limit()).isEmpty();
    assertThat(OnClose.TERMINATE.limit()).hasValue(Duration.ZERO);
    assertThat(OnClose.joinAtMost(Duration.ofSeconds(5)).limit()).hasValue(Duration.ofSeconds(5));
    assertThat(OnClose.joinAtMost(forever).limit()).hasValue(forever);
  }

  @Test
  void aNegativeLimitIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OnClose.joinAtMost(Duration.ofNanos(-1)))
        .withMessageContaining("joinAtMost")
        .withMessageContaining("PT-0.000000001S");
  }

  @Test
  void isAValue() {
    OnClose some = OnClose.joinAtMost(Duration.ofSeconds(5));
    assertThat(some)
        .isEqualTo(OnClose.joinAtMost(Duration.ofMillis(5000)))
        .hasSameHashCodeAs(OnClose.joinAtMost(Duration.ofMillis(5000)))
        .isNotEqualTo(OnClose.joinAtMost(Duration.ofSeconds(6)))
        .hasToString("joinAtMost(PT5S)");
    assertThat(OnClose.joinAtMost(Duration.ZERO)).isNotEqualTo(OnClose.TERMINATE);
    assertThat(OnClose.JOIN).hasToString("JOIN").isNotEqualTo(OnClose.TERMINATE);
    assertThat(OnClose.TERMINATE).hasToString("TERMINATE");
  }
}
