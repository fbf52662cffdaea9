// bin/procpool starmap examples/jobs/Orders.java::total orders.csv --header --out totals.jsonl

import java.math.BigDecimal;
import java.time.LocalDate;

/** Checks the rows of a file of orders (id, qty, rate, day), and what each comes to. */
public class Orders {

  /** What an order comes to. */
  public record Total(String id, BigDecimal amount, int quarter) {}

  /** Checks one. */
  public static Total total(String id, int qty, BigDecimal rate, LocalDate day) {
    if (qty <= 0) {
      throw new IllegalArgumentException("order " + id + " is of " + qty + " pieces");
    }
    return new Total(id, rate.multiply(BigDecimal.valueOf(qty)), (day.getMonthValue() + 2) / 3);
  }
}
