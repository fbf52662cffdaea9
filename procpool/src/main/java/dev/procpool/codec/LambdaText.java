package dev.procpool.codec;

import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;

/** How messages call a lambda or a method reference, after where it stands in the source. */
final class LambdaText {

  private static final String SYNTHETIC = "lambda$";

  private LambdaText() {}

  /** Names it: "the lambda in com.acme.Main.run", "the method reference com.acme.Main::price". */
  static String of(SerializedLambda lambda) {
    String method = lambda.getImplMethodName();
    if (!method.startsWith(SYNTHETIC)) {
      return "the method reference " + binaryName(lambda.getImplClass()) + "::" + method;
    }
    int end = method.indexOf('$', SYNTHETIC.length());
    String enclosing = end < 0 ? "" : method.substring(SYNTHETIC.length(), end);
    String where =
        switch (enclosing) {
          case "", "static" -> "";
          case "new" -> "'s constructor";
          default -> "." + enclosing;
        };
    return "the lambda in " + binaryName(lambda.getImplClass()) + where;
  }

  /** Tells whether a captured value is the object that the lambda stands in. */
  static boolean isThis(SerializedLambda lambda, int index) {
    return index == 0
        && lambda.getImplMethodName().startsWith(SYNTHETIC)
        && lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic;
  }

  /** Names a captured value. The names of variables are not kept, so it is their number. */
  static String captured(SerializedLambda lambda, int index) {
    if (isThis(lambda, index)) {
      return "'this' of " + of(lambda);
    } else if (!lambda.getImplMethodName().startsWith(SYNTHETIC)) {
      return "the object that " + of(lambda) + " is bound to";
    }
    boolean hasThis = isThis(lambda, 0);
    return "captured variable #" + (hasThis ? index : index + 1) + " of " + of(lambda);
  }

  /** Tells whether a class was spun for a lambda or a method reference. */
  static boolean isLambda(Class<?> type) {
    return type.isSynthetic() && type.getName().contains("$$Lambda");
  }

  private static String binaryName(String internalName) {
    return internalName.replace('/', '.');
  }
}
