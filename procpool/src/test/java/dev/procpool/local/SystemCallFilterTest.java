package dev.procpool.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The filter's program, run as the kernel runs it, answers each call as it should. */
class SystemCallFilterTest {

  private static final int ALLOW = 0x7FFF0000;
  private static final int ERROR = 0x00050000;
  private static final int EPERM = ERROR | 1;
  private static final int ENOSYS = ERROR | 38;
  private static final int CLONE_NEWUSER = 0x10000000;
  private static final int CLONE_THREAD = 0x00010000;

  private static int answer(String processor, int architecture, int number, int argument) {
    ByteBuffer program =
        ByteBuffer.wrap(SystemCallFilter.program(processor)).order(ByteOrder.LITTLE_ENDIAN);
    int word = 0;
    for (int at = 0; ; at++) {
      int code = program.getShort(at * 8);
      int operand = program.getInt(at * 8 + 4);
      boolean jumps;
      switch (code) {
        case 0x20 -> {
          word =
              switch (operand) {
                case 0 -> number;
                case 4 -> architecture;
                case 16 -> argument;
                default -> throw new AssertionError("loads from " + operand);
              };
          continue;
        }
        case 0x15 -> jumps = word == operand;
        case 0x35 -> jumps = Integer.compareUnsigned(word, operand) >= 0;
        case 0x45 -> jumps = (word & operand) != 0;
        case 0x06 -> {
          return operand;
        }
        default -> throw new AssertionError("code " + code);
      }
      at += Byte.toUnsignedInt(program.get(at * 8 + (jumps ? 2 : 3)));
    }
  }

  private static int onAmd(int number, int argument) {
    return answer("amd64", 0xC000003E, number, argument);
  }

  private static int onArm(int number, int argument) {
    return answer("aarch64", 0xC00000B7, number, argument);
  }

  @ParameterizedTest
  @ValueSource(ints = {103, 248, 249, 250, 298, 321, 323, 425, 426, 427})
  void refusedOnAmd(int number) {
    assertThat(onAmd(number, 0)).isEqualTo(EPERM);
  }

  @ParameterizedTest
  @ValueSource(ints = {116, 217, 218, 219, 241, 280, 282, 425, 426, 427})
  void refusedOnArm(int number) {
    assertThat(onArm(number, 0)).isEqualTo(EPERM);
  }

  @ParameterizedTest
  @CsvSource({"56, 220", "272, 97"})
  void namespacesOfUsersAreRefused(int amd, int arm) {
    assertThat(onAmd(amd, CLONE_NEWUSER | 17)).isEqualTo(EPERM);
    assertThat(onArm(arm, CLONE_NEWUSER | 17)).isEqualTo(EPERM);
    assertThat(onAmd(amd, CLONE_THREAD)).isEqualTo(ALLOW);
    assertThat(onArm(arm, CLONE_THREAD)).isEqualTo(ALLOW);
  }

  @Test
  void theLibraryIsToldThatThereIsNoOtherClone() {
    assertThat(onAmd(435, 0)).isEqualTo(ENOSYS);
    assertThat(onArm(435, 0)).isEqualTo(ENOSYS);
  }

  @Test
  void callsOfOtherKindsOfProgramsHaveOtherNumbers() {
    assertThat(answer("amd64", 0x40000003, 1, 0)).as("32 bits").isEqualTo(ENOSYS);
    assertThat(onAmd(0x40000000 | 250, 0)).as("x32").isEqualTo(ENOSYS);
    assertThat(answer("aarch64", 0x40000028, 1, 0)).isEqualTo(ENOSYS);
  }

  @Test
  void allOthersAreAllowed() {
    for (int number = 0; number < 500; number++) {
      int answer = onAmd(number, 0);
      if (answer != ALLOW) {
        assertThat(number).isIn(103, 248, 249, 250, 298, 321, 323, 425, 426, 427, 435);
      }
    }
  }

  @Test
  void otherProcessorsHaveNone() {
    assertThat(SystemCallFilter.program("riscv64")).isNull();
  }
}
