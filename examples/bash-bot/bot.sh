#!/usr/bin/env bash
# Says every message back, word by word, and counts the messages of the session. Needs bash 4, and nothing else.
LC_ALL=C
declare -A rest count # of each running turn, by its id: what is still to be said, as it stands in JSON, and the state

take() { # a line of the server
  local line=$1 id=${1#*'"turn_id":"'}
  id=${id%%'"'*}
  case $line in
    '{"type":"start",'*) echo '{"type":"ready","name":"bash-bot"}' ;;
    '{"type":"turn",'*)
      local tail=${line#*'"message":"'} end='","state":'
      local message=${tail%%"$end"*}
      local state=${tail:${#message}+${#end}}
      state=${state%%,*}
      [[ $state == null ]] && state=0
      if [[ $state =~ ^[0-9]{1,15}$ ]]; then # bash would run what stands in some others
        count[$id]=$((state + 1))
        rest[$id]="Message ${count[$id]}: $message"
      else
        printf '{"type":"error","turn_id":"%s","message":"the state is no number"}\n' "$id"
      fi ;;
    '{"type":"cancel",'*) [[ ${rest[$id]+x} ]] && finish "$id" ;;
  esac
}

speak() { # the next word of a turn; no escape such as \n or \" has a space in it
  local id=$1 text=${rest[$1]} size=100
  until [[ ${text:0:size} == *' '* ]] || ((size >= ${#text})); do ((size *= 2)); done # short texts are searched faster
  local word=${text:0:size}
  word=${word%% *}
  printf '{"type":"text","turn_id":"%s","text":"%s "}\n' "$id" "$word"
  rest[$id]=${text:${#word}+1}
  ((${#text} > ${#word})) || finish "$id"
}

finish() {
  printf '{"type":"state","turn_id":"%s","state":%s}\n{"type":"end","turn_id":"%s"}\n' "$1" "${count[$1]}" "$1"
  unset "rest[$1]" "count[$1]"
}

part= # of a line that has not come whole
while true; do
  if ((${#rest[@]})); then pause='-t 0.02'; else pause=; fi
  IFS= read -r $pause piece
  case $? in
    0) take "$part$piece"; part= ;;
    1) exit 0 ;; # stdin has ended: after stop, or because the server was killed
    *) part+=$piece ;;
  esac
  for id in "${!rest[@]}"; do speak "$id"; done
done
