package io.madang.benchmarks.generator;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Clients that are alike.
 *
 * @param index its place among the groups of this process
 * @param door how they speak
 * @param servers where they connect: to the first, and to the next one each time a connection ends
 * @param returns whether a client whose connection ends comes back and resumes; otherwise that end is a failure
 * @param receiveBuffer bytes the kernel keeps for a client that does not read; 0 leaves it to the kernel
 * @param before clients of the group that other processes have
 */
record Group(
    int index,
    String name,
    Door door,
    List<InetSocketAddress> servers,
    boolean returns,
    int receiveBuffer,
    int before,
    List<Client> clients) {}
