package dev.procpool.local.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
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

  private static int answer(String processor, int architecture, int number, int... arguments) {
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
                case 16, 24, 32, 40 -> arguments[(operand - 16) / 8];
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

  private static int onAmd(int number, int... arguments) {
    return answer("amd64", 0xC000003E, number, arguments);
  }

  private static int onArm(int number, int... arguments) {
    return answer("aarch64", 0xC00000B7, number, arguments);
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

  @ParameterizedTest
  @ValueSource(ints = {435, 437, 452})
  void theLibraryIsToldThatCallsAreNotThereThatItHasOthersFor(int number) {
    assertThat(onAmd(number, 0)).isEqualTo(ENOSYS);
    assertThat(onArm(number, 0)).isEqualTo(ENOSYS);
  }

  @ParameterizedTest
  @CsvSource({"41, 198", "53, 199"})
  void socketsAreOfFamiliesThatNamespacesKeepApart(int amd, int arm) {
    for (int family = 0; family < 50; family++) {
      boolean isConfined = Set.of(1, 2, 10, 16).contains(family); // AF_VSOCK is 40, AF_ALG 38
      assertThat(onAmd(amd, family)).as("family %d", family).isEqualTo(isConfined ? ALLOW : EPERM);
      assertThat(onArm(arm, family)).as("family %d", family).isEqualTo(isConfined ? ALLOW : EPERM);
    }
  }

  /** chmod, fchmod, fchmodat, mknod, mknodat, creat; AArch64 has three of them. */
  @ParameterizedTest
  @CsvSource({"90, -1, 1", "91, 52, 1", "268, 53, 2", "133, -1, 1", "259, 33, 2", "85, -1, 1"})
  void noModeMakesOthersThisUser(int amd, int arm, int at) {
    for (int mode : new int[] {04755, 02755, 0104000, 06000}) {
      assertThat(onAmd(amd, with(at, mode))).isEqualTo(EPERM);
      assertThat(arm < 0 ? EPERM : onArm(arm, with(at, mode))).isEqualTo(EPERM);
    }
    for (int mode : new int[] {0755, 01777, 0100644, 010600}) {
      assertThat(onAmd(amd, with(at, mode))).isEqualTo(ALLOW);
      assertThat(arm < 0 ? ALLOW : onArm(arm, with(at, mode))).isEqualTo(ALLOW);
    }
  }

  private static int[] with(int at, int argument) {
    int[] arguments = {04000, 04000, 04000, 04000};
    arguments[at] = argument;
    return arguments;
  }

  @Test
  void theModeOfAFileThatIsOpenedCountsIfItIsMade() {
    int makes = 0101;
    int unnamed = 020200000 | 2; // O_TMPFILE
    for (int flags : new int[] {makes, unnamed}) {
      assertThat(onAmd(2, 0, flags, 04755)).isEqualTo(EPERM);
      assertThat(onAmd(2, 0, flags, 0644)).isEqualTo(ALLOW);
      assertThat(onAmd(257, 0, 0, flags, 02755)).isEqualTo(EPERM);
      assertThat(onAmd(257, 0, 0, flags, 0666)).isEqualTo(ALLOW);
      assertThat(onArm(56, 0, 0, flags, 04755)).isEqualTo(EPERM);
      assertThat(onArm(56, 0, 0, flags, 0666)).isEqualTo(ALLOW);
    }
    int directory = 0200000;
    assertThat(onAmd(2, 0, directory, -1)).isEqualTo(ALLOW);
    assertThat(onAmd(257, 0, 0, 02000001, -1)).isEqualTo(ALLOW);
    assertThat(onArm(56, 0, 0, 02000001, -1)).isEqualTo(ALLOW);
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
      int answer = onAmd(number, 1, 0, 0, 0);
      if (answer != ALLOW) {
        assertThat(number).isIn(103, 248, 249, 250, 298, 321, 323, 425, 426, 427, 435, 437, 452);
      }
    }
  }

  @Test
  void otherProcessorsHaveNone() {
    assertThat(SystemCallFilter.program("riscv64")).isNull();
  }
}
