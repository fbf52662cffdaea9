package dev.procpool.local;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * A program for the kernel's filter of system calls (seccomp, classic BPF), as bubblewrap loads it:
 *
 *   what is asked                               answer
 *   a call of another kind of program (32-bit)  ENOSYS
 *   a call that is refused                      EPERM
 *   clone3, whose flags a filter can't see      ENOSYS: the C library then uses clone
 *   clone, unshare with a new user namespace    EPERM
 *   all others                                  allowed
 */

/**
 * Refuses workers in {@link Bubblewrap} the system calls that its namespaces don't confine: keys of
 * the kernel's, which are the user's; namespaces within; the kernel's log; and what no task needs
 * and faults of the kernel were found in (BPF, performance events, {@code userfaultfd}, {@code
 * io_uring}).
 */
final class SystemCallFilter {

  /** The numbers of calls in one kind of program. */
  private record Calls(int architecture, List<Integer> refused, int copy, int unshare) {}

  private static final int CLONE3 = 435;

  /** By the JVM's name for the processor. */
  private static final Map<String, Calls> CALLS =
      Map.of(
          "amd64",
          new Calls(
              0xC000003E,
              List.of(
                  103, // syslog
                  248, // add_key
                  249, // request_key
                  250, // keyctl
                  298, // perf_event_open
                  321, // bpf
                  323, // userfaultfd
                  425, // io_uring_setup
                  426, // io_uring_enter
                  427), // io_uring_register
              56, // clone
              272), // unshare
          "aarch64",
          new Calls(
              0xC00000B7,
              List.of(
                  116, // syslog
                  217, // add_key
                  218, // request_key
                  219, // keyctl
                  241, // perf_event_open
                  280, // bpf
                  282, // userfaultfd
                  425, // io_uring_setup
                  426, // io_uring_enter
                  427), // io_uring_register
              220, // clone
              97)); // unshare

  private static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
  private static final int IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
  private static final int IF_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K
  private static final int IF_ANY_BIT = 0x45; // BPF_JMP | BPF_JSET | BPF_K
  private static final int RETURN = 0x06; // BPF_RET | BPF_K

  private static final int NUMBER_AT = 0;
  private static final int ARCHITECTURE_AT = 4;
  private static final int FIRST_ARGUMENT_AT = 16;

  private static final int ALLOW = 0x7FFF0000;
  private static final int EPERM = 0x00050001;
  private static final int ENOSYS = 0x00050026;

  /** Numbers from here on are those of x86's third kind of program. */
  private static final int X32 = 0x40000000;

  private static final int CLONE_NEWUSER = 0x10000000;

  private static final int INSTRUCTION_BYTES = 8;

  private SystemCallFilter() {}

  /**
   * Gives the program.
   *
   * @param processor as {@code os.arch} names it
   * @return null if the numbers of its calls are not known here
   */
  static byte @Nullable [] program(String processor) {
    Calls calls = CALLS.get(processor);
    if (calls == null) {
      return null;
    }
    int refused = calls.refused().size();
    // from the last on: load flags, look at them, allow, refuse, not there
    int size = 4 + refused + 3 + 5;
    int notThere = size - 1;
    int refuse = size - 2;
    int flags = size - 5;
    int allow = size - 3;
    Program program = new Program(size);
    program.add(LOAD, ARCHITECTURE_AT);
    program.jump(IF_EQUAL, calls.architecture(), program.next(), notThere);
    program.add(LOAD, NUMBER_AT);
    program.jump(IF_AT_LEAST, X32, notThere, program.next());
    for (int call : calls.refused()) {
      program.jump(IF_EQUAL, call, refuse, program.next());
    }
    program.jump(IF_EQUAL, CLONE3, notThere, program.next());
    program.jump(IF_EQUAL, calls.copy(), flags, program.next());
    program.jump(IF_EQUAL, calls.unshare(), flags, allow);
    program.add(LOAD, FIRST_ARGUMENT_AT); // its lower half: both processors are little-endian
    program.jump(IF_ANY_BIT, CLONE_NEWUSER, refuse, allow);
    program.add(RETURN, ALLOW);
    program.add(RETURN, EPERM);
    program.add(RETURN, ENOSYS);
    return program.bytes.array();
  }

  /** Instructions one after another. */
  private static final class Program {

    private final ByteBuffer bytes;

    Program(int size) {
      bytes = ByteBuffer.allocate(size * INSTRUCTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The number of the instruction after the one that comes now. */
    int next() {
      return bytes.position() / INSTRUCTION_BYTES + 1;
    }

    void add(int code, int operand) {
      bytes.putShort((short) code).put((byte) 0).put((byte) 0).putInt(operand);
    }

    void jump(int code, int operand, int ifTrue, int ifFalse) {
      int next = next();
      bytes
          .putShort((short) code)
          .put((byte) (ifTrue - next))
          .put((byte) (ifFalse - next))
          .putInt(operand);
    }
  }
}
