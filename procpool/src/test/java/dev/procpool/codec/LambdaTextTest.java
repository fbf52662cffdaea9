package dev.procpool.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import org.junit.jupiter.api.Test;

/** The names of the methods that compilers make of lambdas, as they were seen in class files. */
class LambdaTextTest {

  private static SerializedLambda lambda(String method, String signature, boolean isStatic) {
    return new SerializedLambda(
        LambdaTextTest.class,
        "dev/procpool/function/Task1",
        "call",
        "(Ljava/lang/Object;)Ljava/lang/Object;",
        isStatic ? MethodHandleInfo.REF_invokeStatic : MethodHandleInfo.REF_invokeSpecial,
        "com/acme/Prices",
        method,
        signature,
        "(Ljava/lang/Object;)Ljava/lang/Object;",
        new Object[] {new Object()});
  }

  private static final String OBJECT = "(Ljava/lang/Object;)Ljava/lang/Object;";
  private static final String THIS = "(Lcom/acme/Prices;Ljava/lang/Object;)Ljava/lang/Object;";

  private static void assertLambda(SerializedLambda lambda, String text, boolean hasThis) {
    assertThat(LambdaText.of(lambda)).isEqualTo(text);
    assertThat(LambdaText.isThis(lambda, 0)).isEqualTo(hasThis);
    assertThat(LambdaText.captured(lambda, 0, null))
        .isEqualTo((hasThis ? "'this' of " : "captured variable #1 of ") + text);
  }

  @Test
  void javac() {
    assertLambda(lambda("lambda$run$0", OBJECT, true), "the lambda in com.acme.Prices.run", false);
    assertLambda(lambda("lambda$run$1", OBJECT, false), "the lambda in com.acme.Prices.run", true);
    assertLambda(
        lambda("lambda$new$0", OBJECT, false), "the lambda in com.acme.Prices's constructor", true);
    assertLambda(lambda("lambda$0", OBJECT, true), "the lambda in com.acme.Prices", false); // ecj
  }

  @Test
  void kotlin() {
    assertLambda(lambda("run$lambda$0", OBJECT, true), "the lambda in com.acme.Prices.run", false);
    assertLambda(
        lambda("run$lambda$2$lambda$1", THIS, true), "the lambda in com.acme.Prices.run", true);
    assertThat(LambdaText.withoutThis(lambda("run$lambda$0", THIS, true), "its field 'rate'"))
        .contains("local val")
        .contains("top level");
  }

  @Test
  void scala() {
    assertLambda(
        lambda("$anonfun$run$5", OBJECT, true), "the lambda in com.acme.Prices.run", false);
    assertLambda(lambda("$anonfun$run$1", THIS, true), "the lambda in com.acme.Prices.run", true);
    assertLambda(
        lambda("run$$anonfun$4", OBJECT, true), "the lambda in com.acme.Prices.run", false);
    assertLambda(
        lambda("run$$anonfun$1", OBJECT, false), "the lambda in com.acme.Prices.run", true);
    assertThat(LambdaText.withoutThis(lambda("$anonfun$run$1", THIS, true), "its method rate()"))
        .contains("local val")
        .contains("to an object");
  }

  @Test
  void methodReferences() {
    SerializedLambda reference = lambda("price", OBJECT, false);
    assertThat(LambdaText.of(reference)).isEqualTo("the method reference com.acme.Prices::price");
    assertThat(LambdaText.isThis(reference, 0)).isFalse();
    assertThat(LambdaText.captured(reference, 0, null))
        .isEqualTo("the object that the method reference com.acme.Prices::price is bound to");
  }
}
