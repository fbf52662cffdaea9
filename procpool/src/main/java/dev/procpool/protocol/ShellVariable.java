package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A variable of a JShell session with the value it had when a call was made. A shell keeps its
 * variables in static fields, which no copy of a task brings along.
 *
 * @param type the name of the class that has the field
 * @param field the field, named as the variable
 * @param value the encoded value
 */
@SuppressWarnings("ArrayRecordComponent") // made, sent and dropped; never compared
public record ShellVariable(String type, String field, byte[] value) {

  /**
   * Writes variables.
   *
   * @param variables the variables
   * @return the bytes; empty if there are none
   */
  public static byte[] write(List<ShellVariable> variables) {
    ByteOutput out = new ByteOutput(256, Long.MAX_VALUE);
    for (ShellVariable variable : variables) {
      put(variable.type.getBytes(StandardCharsets.UTF_8), out);
      put(variable.field.getBytes(StandardCharsets.UTF_8), out);
      put(variable.value, out);
    }
    return out.toByteArray();
  }

  private static void put(byte[] bytes, ByteOutput out) {
    out.putInt(bytes.length);
    out.write(bytes, 0, bytes.length);
  }

  /**
   * Reads variables.
   *
   * @param bytes what {@link #write} gave
   * @return the variables
   */
  public static List<ShellVariable> read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    List<ShellVariable> variables = new ArrayList<>();
    while (in.hasRemaining()) {
      String type = new String(take(in), StandardCharsets.UTF_8);
      String field = new String(take(in), StandardCharsets.UTF_8);
      variables.add(new ShellVariable(type, field, take(in)));
    }
    return variables;
  }

  private static byte[] take(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return bytes;
  }
}
