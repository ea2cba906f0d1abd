/// What the site does: shows one page at a time, filters and sorts, shows values, changes colours.
/// Without it the file is one long page that can be read.
enum SiteScript {
  /// Before anything is drawn, so that nothing flickers.
  static let first = """
    document.documentElement.classList.add("js");\
    try{const t=localStorage.getItem("theme");\
    if(t)document.documentElement.dataset.theme=t}catch{}
    """

  static let main = "\"use strict\";\n(()=>{\n" + pages + theme + table + values + "})();\n"

  /// The address says which page shows, and where in it.
  private static let pages = #"""
    const at=id=>document.getElementById(id);
    const name=document.title,places={};
    let shown="",followed=false;
    function show(isFirst){
      const id=decodeURIComponent(location.hash.slice(1));
      const target=at(id)?.closest(".page")?at(id):at("overview");
      const page=target.closest(".page");
      for(const other of document.querySelectorAll(".page.on"))other.classList.remove("on");
      page.classList.add("on");
      const title=page.querySelector("h1");
      document.title=page.id==="overview"?name:title.textContent+" · "+name;
      for(const link of document.querySelectorAll("header nav a"))
        if(link.hash.slice(1)===(target===page?page.id:id))link.setAttribute("aria-current","page");
        else link.removeAttribute("aria-current");
      shown=location.hash;
      if(target!==page)target.scrollIntoView();
      else scrollTo(0,followed?0:places[shown]||0);
      if(!isFirst&&followed)(target===page?title:target).focus({preventScroll:true});
      followed=false;
    }
    history.scrollRestoration="manual";
    addEventListener("scroll",()=>{if(location.hash===shown)places[shown]=scrollY},{passive:true});
    addEventListener("hashchange",()=>show());
    document.addEventListener("click",event=>{
      const link=event.target.closest?.("a[href^='#']");
      if(!link)return;
      if(link.className==="skip"){event.preventDefault();at("content").focus();return}
      followed=true;
      if(link.hash===location.hash)show();
    });
    show(true);

    """#

  private static let theme = #"""
    const button=at("theme"),system=matchMedia("(prefers-color-scheme:dark)");
    const isDark=()=>(document.documentElement.dataset.theme||
      (system.matches?"dark":"light"))==="dark";
    const label=()=>{button.textContent=isDark()?"Light":"Dark"};
    button.onclick=()=>{
      const theme=isDark()?"light":"dark";
      document.documentElement.dataset.theme=theme;
      try{localStorage.setItem("theme",theme)}catch{}
      label();
    };
    system.addEventListener("change",label);
    label();

    """#

  /// The table of experiments: the search looks into their whole pages.
  private static let table = #"""
    const list=document.querySelector(".experiments table");
    if(list){
      const head=[...list.tHead.rows[0].cells],body=list.tBodies[0],order=[...body.rows];
      const column=head.findIndex(cell=>cell.textContent==="verdict");
      const facts=new Map(order.map(row=>{
        const id=row.querySelector("a").hash.slice(1);
        return [row,{id,area:id.split("/")[0],verdict:row.cells[column].textContent,text:""}];
      }));
      for(const kind of ["area","verdict"])
        for(const value of [...new Set([...facts.values()].map(fact=>fact[kind]))].sort())
          at(kind).add(new Option(value,value));
      const filter=()=>{
        const words=at("search").value.toLowerCase().split(/\s+/).filter(Boolean);
        let count=0;
        for(const [row,fact] of facts){
          if(words.length&&!fact.text)
            fact.text=(fact.id+" "+row.textContent+" "+at(fact.id).textContent).toLowerCase();
          row.hidden=!((!at("area").value||fact.area===at("area").value)
            &&(!at("verdict").value||fact.verdict===at("verdict").value)
            &&words.every(word=>fact.text.includes(word)));
          if(!row.hidden)count+=1;
        }
        at("count").textContent=count+" of "+order.length;
      };
      const form=at("search").form;
      form.addEventListener("input",filter);
      form.addEventListener("submit",event=>event.preventDefault());
      filter();
      const number=text=>{
        const found=text.replace("−","-").replaceAll(",","").match(/-?\d+(\.\d+)?/);
        return found?Number(found[0]):NaN;
      };
      head.forEach((cell,index)=>{
        const button=document.createElement("button");
        button.type="button";
        button.textContent=cell.textContent;
        cell.replaceChildren(button);
        const isNumber=cell.align==="right";
        button.onclick=()=>{
          const next={none:isNumber?"descending":"ascending",
            [isNumber?"descending":"ascending"]:isNumber?"ascending":"descending"};
          const way=next[cell.getAttribute("aria-sort")||"none"];
          for(const other of head)other.removeAttribute("aria-sort");
          let rows=order;
          if(way){
            cell.setAttribute("aria-sort",way);
            const sign=way==="ascending"?1:-1;
            const key=row=>isNumber?number(row.cells[index].textContent)
              :row.cells[index].textContent;
            rows=order.map(row=>[key(row),row]).sort(([a],[b])=>
              isNumber?isNaN(a)-isNaN(b)||sign*(a-b)||0:sign*a.localeCompare(b))
              .map(pair=>pair[1]);
          }
          body.append(...rows);
        };
      });
      addEventListener("keydown",event=>{
        const isTyping=event.target.closest?.("input,select,textarea");
        if(event.key==="/"&&!isTyping&&!event.ctrlKey&&!event.metaKey&&!event.altKey){
          event.preventDefault();
          if(!at("overview").classList.contains("on")){location.hash="#overview";show()}
          at("search").focus();
          at("search").select();
        }else if(event.key==="Escape"&&event.target===at("search")){
          at("search").value="";
          filter();
        }
      });
    }

    """#

  /// Charts show the value nearest to a pointer, a finger or the arrow keys.
  private static let values = #"""
    const tip=document.createElement("div");
    tip.id="tip";
    tip.setAttribute("role","status");
    document.body.append(tip);
    let marked=null,isHeld=false;
    const middle=group=>{
      const marks=group.querySelectorAll("path,rect");
      const box=(marks[marks.length-1]||group).getBoundingClientRect();
      return [box.x+box.width/2,box.y+box.height/2,group.getBoundingClientRect()];
    };
    const mark=(group,x,y)=>{
      marked?.classList.remove("tipped");
      marked=group;
      tip.textContent=group?group.dataset.tip:"";
      if(!group)return;
      group.classList.add("tipped");
      const box=tip.getBoundingClientRect();
      tip.style.left=Math.max(4,Math.min(x+12,innerWidth-box.width-4))+"px";
      tip.style.top=(y-box.height-10<4?y+16:y-box.height-10)+"px";
    };
    for(const chart of document.querySelectorAll(".chart svg")){
      const titles=[...chart.querySelectorAll("g>title")];
      for(const title of titles){
        title.parentNode.dataset.tip=title.textContent;
        title.remove();
      }
      const groups=[...chart.querySelectorAll("g[data-tip]")]
        .filter(group=>!group.querySelector("g[data-tip]"));
      if(!groups.length)continue;
      chart.tabIndex=0;
      const near=event=>{
        let best=null,least=28;
        for(const group of groups){
          const [x,y,box]=middle(group);
          const isOver=event.clientX>=box.left&&event.clientX<=box.right
            &&event.clientY>=box.top&&event.clientY<=box.bottom;
          const far=Math.hypot(x-event.clientX,y-event.clientY);
          const distance=isOver?Math.min(far,27):far;
          if(distance<least)[best,least]=[group,distance];
        }
        isHeld=false;
        mark(best,event.clientX,event.clientY);
      };
      chart.addEventListener("pointermove",near);
      chart.addEventListener("click",near);
      chart.addEventListener("pointerleave",()=>mark(null));
      chart.addEventListener("blur",()=>mark(null));
      const step=by=>{
        const place=groups.indexOf(marked);
        const next=groups[place<0?0:(place+by+groups.length)%groups.length];
        const [x,y]=middle(next);
        isHeld=true;
        mark(next,x,y);
      };
      chart.addEventListener("focus",()=>{if(chart.matches(":focus-visible"))step(0)});
      chart.addEventListener("keydown",event=>{
        const by={ArrowRight:1,ArrowDown:1,ArrowLeft:-1,ArrowUp:-1}[event.key];
        if(event.key==="Escape")mark(null);
        if(!by)return;
        event.preventDefault();
        step(by);
      });
    }
    addEventListener("scroll",()=>{
      if(!marked)return;
      const [x,y]=middle(marked);
      mark(isHeld?marked:null,x,y);
    },{passive:true});

    """#
}
