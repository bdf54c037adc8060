package io.madang.runtime.inspect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * The topics of one gateway that were asked for, the most telling first.
 *
 * @param shown as many as were asked for at most
 * @param matching how many there are, those that are not shown included
 */
public record Standings(List<Standing> shown, int matching) {
  public static final Standings NONE = new Standings(List.of(), 0);

  public Standings {
    shown = List.copyOf(shown);
  }

  /** Takes one topic after the other and keeps no more than will be shown. */
  public static final class Selection implements Consumer<Standing> {
    private final Inspection inspection;

    /** The least telling of those kept is its head. */
    private final PriorityQueue<Standing> kept =
        new PriorityQueue<>(Collections.reverseOrder(Standing.MOST_TELLING));

    private int matching;

    public Selection(Inspection inspection) {
      this.inspection = inspection;
    }

    @Override
    public void accept(Standing standing) {
      if (!inspection.isAbout(standing.topic())) {
        return;
      }
      matching++;
      kept.add(standing);
      if (kept.size() > inspection.top()) {
        kept.remove();
      }
    }

    public Standings standings() {
      List<Standing> shown = new ArrayList<>(kept);
      shown.sort(Standing.MOST_TELLING);
      return new Standings(shown, matching);
    }
  }
}
