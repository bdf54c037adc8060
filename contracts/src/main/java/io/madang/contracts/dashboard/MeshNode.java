package io.madang.contracts.dashboard;

import java.util.List;

/**
 * A process of the mesh as the dashboard shows it.
 *
 * @param id name and incarnation
 * @param name what an operator calls it
 * @param roles what it runs, sorted
 */
public record MeshNode(String id, String name, List<String> roles) {
  public MeshNode {
    roles = roles.stream().sorted().toList();
  }
}
