#!/usr/bin/env python3
"""Says every message back, word by word, and counts the messages of the session."""
import json, sys, threading

stops, lock = {}, threading.Lock()  # what tells each running turn to stop, by its id

def say(type, **fields):
    with lock:
        print(json.dumps({"type": type, **fields}), flush=True)

def answer(turn, stop):
    id = turn["turn_id"]
    try:
        count = (turn["state"] or 0) + 1
        for word in f"Message {count}: {turn['message']}".split(" "):
            say("text", turn_id=id, text=word + " ")
            if stop.wait(0.02):
                break
        say("state", turn_id=id, state=count)
        say("end", turn_id=id)
    except Exception as error:  # a turn has to end, whatever happens
        say("error", turn_id=id, message=type(error).__name__)
        raise  # with its place, to the log
    finally:
        del stops[id]

for line in sys.stdin.buffer:
    heard = json.loads(line)
    if heard["type"] == "start":
        say("ready", name="python-bot")
    elif heard["type"] == "turn":
        stops[heard["turn_id"]] = stop = threading.Event()
        threading.Thread(target=answer, args=(heard, stop)).start()
    elif heard["type"] == "cancel":
        stops.get(heard["turn_id"], threading.Event()).set()  # it may be over

for stop in list(stops.values()):  # stdin has ended: so do the threads, and then the program
    stop.set()
