#!/usr/bin/env python3
"""Says every message back, word by word, and counts the messages of the session."""
import json, sys, threading

stops, lock = {}, threading.Lock()  # what tells each running turn to stop, by its id

def say(type, **fields):
    with lock:
        print(json.dumps({"type": type, **fields}), flush=True)

def answer(turn, stop):
    id, count = turn["turn_id"], (turn["state"] or 0) + 1
    for word in f"Message {count}: {turn['message']}".split(" "):
        say("text", turn_id=id, text=word + " ")
        if stop.wait(0.02):
            break
    say("state", turn_id=id, state=count)
    del stops[id]
    say("end", turn_id=id)

for line in sys.stdin.buffer:
    heard = json.loads(line)
    if heard["type"] == "start":
        say("ready", name="python-bot")
    elif heard["type"] == "turn":
        stops[heard["turn_id"]] = stop = threading.Event()
        threading.Thread(target=answer, args=(heard, stop)).start()
    elif heard["type"] == "cancel" and heard["turn_id"] in stops:
        stops[heard["turn_id"]].set()

for stop in list(stops.values()):  # stdin has ended: so do the threads, and then the program
    stop.set()
