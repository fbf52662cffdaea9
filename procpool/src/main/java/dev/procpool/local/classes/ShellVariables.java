package dev.procpool.local.classes;

import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.protocol.ShellVariable;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes the variables of a JShell session that a task uses, as they are when it is called. */
public final class ShellVariables {

  private static final byte[] NONE = new byte[0];

  private ShellVariables() {}

  /**
   * Encodes them.
   *
   * @param reach where the task's code leads; null if it is not of a shell
   * @return what goes along with the task; empty if there are none
   * @throws CodecException if one can't be serialized
   */
  public static byte[] of(@Nullable ShellReach reach, Codec codec) throws CodecException {
    if (reach == null) {
      return NONE;
    }
    List<ShellVariable> variables = new ArrayList<>();
    for (Field field : reach.variables()) {
      ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);
      try {
        codec.encode(field.get(null), out);
      } catch (CodecException e) {
        throw new CodecException(
            "it uses the shell's variable '"
                + field.getName()
                + "', which is sent along: "
                + e.getMessage(),
            e);
      } catch (IllegalAccessException e) {
        throw new AssertionError(e); // it was made accessible
      }
      variables.add(
          new ShellVariable(
              field.getDeclaringClass().getName(), field.getName(), out.toByteArray()));
    }
    return ShellVariable.write(variables);
  }
}
