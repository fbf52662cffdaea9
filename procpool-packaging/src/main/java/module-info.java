/** A program of a user's; it exports nothing. */
module dev.procpool.packaging {
  requires de.siegmar.fastcsv;
  requires dev.procpool;
}
