package io.madang.gateway.edge.websocket;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;

/**
 * A request that became a socket.
 *
 * @param connection it came on, through which the channel is reached
 * @param release gives its place back; to be run once, when the socket is closed
 */
record OpenedSocket(ServerWebSocket socket, HttpConnection connection, Runnable release) {}
